package io.contraspectra.core.backend;
/** placeholder */
final class Backends { private Backends() {} }
