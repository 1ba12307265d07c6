package io.contraspectra.experiments.paper.ntkdrift;

import io.contraspectra.core.data.DataFiles;
import io.contraspectra.core.data.Datasets;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.data.TripletSamplers;
import io.contraspectra.core.data.Triplets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The data sets of ntk.md 3: N = 16 triplets for networks with K = 4 outputs. */
public final class TripletSources {

  /** Name of the synthetic triplets. */
  static final String SYNTHETIC = "synthetic";

  private static final int TRIPLETS = 16;
  private static final int OUTPUTS = 4;
  private static final int SYNTHETIC_DIMENSION = 8;

  private TripletSources() {}

  /**
   * The sources that a user asks for.
   *
   * @param data {@code digits}, {@code synthetic}, the path of a data file, or null for synthetic and digits
   * @param quick leaves out the variants with the mean removed
   */
  public static List<TripletSource> of(@Nullable String data, boolean quick) {
    var sources = new ArrayList<TripletSource>();
    if (data == null || data.equals(SYNTHETIC)) {
      sources.add(synthetic());
    }
    if (data == null || data.equals("digits")) {
      addSamples(sources, "digits", Datasets.digits(), quick);
    }
    if (sources.isEmpty()) {
      Path file = Path.of(data);
      addSamples(sources, stem(file), DataFiles.read(file), quick);
    }
    return List.copyOf(sources);
  }

  /** Independent points on the sphere of R^8. */
  public static TripletSource synthetic() {
    return new Drawn(SYNTHETIC, random -> TripletSamplers.synthetic(TRIPLETS, SYNTHETIC_DIMENSION, random));
  }

  /** Handwritten digits, as they are. */
  public static TripletSource digits() {
    return new Drawn("digits", random -> TripletSamplers.digits(TRIPLETS, random));
  }

  private static void addSamples(List<TripletSource> sources, String name, LabelledData data, boolean quick) {
    sources.add(new Drawn(name, random -> TripletSamplers.fromData(data, TRIPLETS, random)));
    if (!quick) {
      sources.add(new Drawn(name + "-centred", random -> TripletSamplers.fromCentredData(data, TRIPLETS, random)));
    }
  }

  /** The file's name as far as it may be part of a figure's file name. */
  private static String stem(Path file) {
    String stem = file.getFileName().toString().toLowerCase(Locale.ROOT)
        .replaceAll("\\..*", "").replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return stem.isEmpty() ? "data" : stem;
  }

  private record Drawn(String name, Function<RandomGenerator, Triplets> sampler) implements TripletSource {

    @Override
    public Triplets draw(RandomGenerator random) {
      return sampler.apply(random);
    }

    @Override
    public int outputs() {
      return OUTPUTS;
    }
  }
}
