import org.jspecify.annotations.NullMarked;

/** One JMH class a kernel. JMH starts its forks on the class path, where this descriptor only documents. */
@NullMarked
@SuppressWarnings("requires-automatic")
module io.contraspectra.benchmarks {
  requires static org.jspecify;

  requires io.contraspectra.bindings;
  requires io.contraspectra.core;
  requires static jdk.incubator.vector;
  requires jmh.core;
}
