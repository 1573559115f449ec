"""Reads from live callables what the generator writes as literals: how they run and what they ask for."""

from __future__ import annotations

import inspect
import typing
from types import NoneType
from typing import Any

from pikku_core.config import ConfigConfig
from pikku_core.declaration import config_of
from pikku_core.errors import DeclarationError
from pikku_core.function import FunctionConfig
from pikku_core.runtime.records import NO_DATA, FunctionRecord, Kind, Needs, ServiceRecord
from pikku_core.schema import CodecAdapter, codec_for
from pikku_core.service import ServiceConfig
from pikku_core.version import own_name, split_version, versioned

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Parameter = inspect.Parameter


def place(func: Callable[..., Any]) -> str:
    """Where a callable is defined, for people: `app.users:create_user`."""
    module = getattr(func, "__module__", "?")
    return f"{module}:{getattr(func, '__qualname__', type(func).__qualname__)}"


def kind_of(func: Callable[..., Any]) -> Kind:
    """How a callable runs."""
    if isinstance(func, type):
        return "class"
    call = func if hasattr(func, "__name__") or hasattr(func, "func") else called(func)
    if inspect.isasyncgenfunction(call):
        return "async_generator"
    if inspect.isgeneratorfunction(call):
        return "sync_generator"
    return "async" if inspect.iscoroutinefunction(call) else "sync"


def called(instance: object) -> Callable[..., Any]:
    """What runs when an instance is called."""
    call: Callable[..., Any] = getattr(type(instance), "__call__")  # noqa: B004, B009 -- of the class, not a test
    return call


def needs_of(func: Callable[..., Any]) -> Needs:
    """What a callable asks for: keyword-only parameters, at most one positional one.

    Raises:
        DeclarationError: It takes more than that.
    """
    named = dict[str, str]()
    optional, positional = set[str](), list[str]()
    for name, parameter in inspect.signature(func).parameters.items():
        if parameter.kind is Parameter.KEYWORD_ONLY:
            named[name] = name
            if parameter.default is not Parameter.empty:
                optional.add(name)
        elif parameter.kind in {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD}:
            raise DeclarationError(
                f'"{place(func)}" takes "{parameter}": name each service as a keyword-only parameter.'
            )
        else:
            positional.append(name)
    if len(positional) > 1:
        raise DeclarationError(
            f'"{place(func)}" takes {len(positional)} positional parameters ("{positional[1]}" is the second): services '
            'are keyword-only, put a "*" before them.'
        )
    return Needs(
        kind=kind_of(func), parameters=named, optional=frozenset(optional), data=bool(positional)
    )


def identity(func: Callable[..., Any]) -> str:
    """The id of a function of the project, its version included.

    Raises:
        DeclarationError: It is not decorated, or its name states a version by itself.
    """
    config = function_config(func)
    version = config.version or 0
    name = config.name or own_name(func.__name__, version)
    base, stated = split_version(name)
    if stated:
        raise DeclarationError(
            f'"{place(func)}" is called "{name}": write name="{base}", version={stated}.'
        )
    return versioned(name, version)


def function_config(func: Callable[..., Any]) -> FunctionConfig:
    """What the decorator of a function says."""
    config = config_of(func)
    if not isinstance(config, FunctionConfig):
        raise DeclarationError(
            f'"{place(func)}" is not a Pikku function: decorate it with "@pikku_func" or "@pikku_sessionless_func".'
        )
    return config


def function_record(func: Callable[..., Any], adapters: Iterable[CodecAdapter]) -> FunctionRecord:
    """The record of a function, its types read from its annotations.

    Raises:
        DeclarationError: Its signature cannot be served, or a type cannot be found or read.
    """
    config, needs = function_config(func), needs_of(func)
    adapters = tuple(adapters)
    data_name, default = data_parameter(func)
    wanted = {name for name in (data_name, "return") if name}
    types = types_of(func, wanted)
    result = types.get("return", Any)
    if needs.kind in {"sync_generator", "async_generator"}:
        arguments = typing.get_args(result)
        result = arguments[0] if arguments else Any
    return FunctionRecord(
        id=identity(func),
        func=func,
        config=config,
        needs=needs,
        data=codec_for(types.get(data_name, Any), adapters) if data_name else None,
        result=codec_for(result, adapters),
        default=default,
    )


def data_parameter(func: Callable[..., Any]) -> tuple[str, Any]:
    """The name of the data parameter (empty where there is none) and its default (`NO_DATA` where it has none)."""
    for name, parameter in inspect.signature(func).parameters.items():
        if parameter.kind is not Parameter.KEYWORD_ONLY:
            default = parameter.default
            return name, NO_DATA if default is Parameter.empty else default
    return "", NO_DATA


def types_of(func: Callable[..., Any], wanted: Iterable[str]) -> dict[str, Any]:
    """The types of some parameters and of the return value, by name.

    Raises:
        DeclarationError: A name in them is not there at run time.
    """
    written = inspect.get_annotations(func)
    types = dict[str, Any]()
    for name in sorted(wanted):
        if name not in written:
            continue

        def holder() -> None: ...

        holder.__annotations__ = {"type": written[name]}
        try:
            found = typing.get_type_hints(holder, func.__globals__, include_extras=True)["type"]
        except NameError as error:
            what = "return type" if name == "return" else f'type of "{name}"'
            raise DeclarationError(
                f'The {what} of "{place(func)}" names "{error.name}", which its module does not have at run time: '
                "import it outside TYPE_CHECKING, or let `pikku` generate what the App loads."
            ) from None
        types[name] = NoneType if found is None else found
    return types


def service_record(factory: Callable[..., Any]) -> ServiceRecord:
    """The record of a service factory, or of what makes the configuration.

    Raises:
        DeclarationError: It is not decorated, or its signature cannot be served.
    """
    config = config_of(factory)
    if isinstance(config, ConfigConfig):
        needs = Needs(kind="class") if isinstance(factory, type) else needs_of(factory)
        return ServiceRecord(id="config", scope="singleton", needs=needs, factory=lambda: factory)
    if not isinstance(config, ServiceConfig):
        raise DeclarationError(
            f'"{place(factory)}" is not a service: decorate it with "@pikku_service".'
        )
    needs = needs_of(factory)
    if needs.data:
        raise DeclarationError(
            f'The service "{place(factory)}" takes a positional parameter: services are keyword-only, put a "*" first.'
        )
    name = config.name or factory.__name__
    return ServiceRecord(id=name, scope=config.scope, needs=needs, factory=lambda: factory)
