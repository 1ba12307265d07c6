package io.contraspectra.experiments.paper.ntkdrift;

import io.contraspectra.core.data.Triplets;
import java.util.random.RandomGenerator;

/** Where a sweep's triplets come from: new ones for every seed. */
public interface TripletSource {

  /** Short name for tables and legends, e.g. {@code digits}. */
  String name();

  /** Draws N triplets. */
  Triplets draw(RandomGenerator random);

  /** K, the output dimension of networks trained on these triplets. */
  int outputs();
}
