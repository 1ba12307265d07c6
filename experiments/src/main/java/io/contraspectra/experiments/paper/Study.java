package io.contraspectra.experiments.paper;

import io.contraspectra.core.backend.Backend;
import java.util.List;
import java.util.random.RandomGenerator;

/** Measures one thing for one seed, and says by which bounds it is judged. Thread-safe: seeds run side by side. */
public interface Study {

  /** Short name, part of the names of its random streams and of its kept cells: tells it from the other studies. */
  String name();

  /**
   * Measures.
   *
   * @param random this study's stream of the seed
   */
  Measured.Sheet measure(Backend backend, RandomGenerator random);

  /** The claims that its quantities decide. */
  List<Gate> gates();
}
