package io.contraspectra.experiments.paper.features;

import io.contraspectra.core.network.Activation;

/**
 * What a study is about.
 *
 * @param source where its triplets come from
 * @param activation phi
 */
record Case(Source source, Activation activation) {

  /** A name for tables and legends, e.g. {@code clusters relu}. */
  String name() {
    return source.name() + " " + activation.label();
  }
}
