package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.data.Npz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbedCommandTest {

  private static final String CLASSICAL = "../spec/shared-classical";
  private static final String SPECTRAL = "../spec/shared-spectral";
  private static final double TOLERANCE = 1e-8;

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      kernel-pca --input X --dims 3 --param bandwidth2=10    | kpca_gram      | kpca_evals
      classical-mds --input X --dims 2                       | cmds_gram      |
      pca --input X --dims 2                                 | cmds_gram      |
      isomap --input X --knn 10 --dims 2                     | iso_gram       |
      """)
  void embeddingsOfScikitLearn(String arguments, String gram, String values) {
    Map<String, NpyArray> found = embedded(CLASSICAL, arguments);
    assertGram(CLASSICAL, gram, found.get("embedding"));
    if (values != null) {
      Golden.assertClose(Golden.array(CLASSICAL, values), found.get("values"), TOLERANCE);
    }
  }

  @Test
  void laplacianEigenmapsOfTheNeighbourGraph() {
    for (String graph : new String[] {"--graph G", "--input X --knn 10", "--input X --knn 10 --graph-weights binary"}) {
      Map<String, NpyArray> walk = embedded(CLASSICAL, "laplacian-eigenmaps --dims 3 " + graph);
      double[] sizes = Arrays.stream(walk.get("embedding").toDoubles()).map(Math::abs).toArray();
      Golden.assertClose(Golden.array(CLASSICAL, "le_abs"), NpyArray.of(sizes, 40, 3), TOLERANCE);
    }
    Map<String, NpyArray> plain = embedded(CLASSICAL, "laplacian-eigenmaps --dims 4 --laplacian unnormalised --graph G");
    Golden.assertClose(Golden.array(CLASSICAL, "le_unnorm_evals"), plain.get("values"), TOLERANCE);
  }

  @Test
  void projectionsComeWithTheirWeights() {
    Map<String, NpyArray> lpp = embedded(CLASSICAL, "lpp --input X --graph G --dims 5");
    Golden.assertClose(Golden.array(CLASSICAL, "lpp_evals"), lpp.get("values"), TOLERANCE);
    assertArrayEquals(new long[] {5, 5}, lpp.get("weights").shape());
    Map<String, NpyArray> lda = embedded(CLASSICAL, "lda --input X --labels y --dims 2 --linear");
    double[] eta = lda.get("values").toDoubles();
    double[] ratio = Arrays.stream(eta).map(value -> value / (eta[0] + eta[1])).toArray();
    Golden.assertClose(Golden.array(CLASSICAL, "lda_evr"), NpyArray.of(ratio, 2), TOLERANCE);
    Map<String, NpyArray> cca = embedded(CLASSICAL, "cca --input cca_XA --input2 cca_XB --dims 4");
    Golden.assertClose(Golden.array(CLASSICAL, "cca_rho"), cca.get("values"), 1e-6);
    assertArrayEquals(new long[] {4, 4}, cca.get("weights2").shape());
    Map<String, NpyArray> views = embedded(CLASSICAL, "vicreg --input cca_XA --input2 cca_XB --dims 2 --param gamma=0.8");
    assertGram(CLASSICAL, "cca_vic_WAWAt", views.get("weights"));
    Golden.assertClose(Golden.array(CLASSICAL, "cca_vic_loss"), views.get("loss"), 1e-6);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      vicreg --graph G_knn --param alpha=A --param beta=B --param gamma=C | vic1_gram       | vic1_loss
      simclr --graph G_knn                                                | simclrsq_gram   | simclrsq_loss
      spectral-contrastive --graph G_knn                                  | scl_gram        | scl_loss
      spectral-contrastive --graph G_knn --input X --linear               | lin_scl_WWt     | lin_scl_loss
      simclr --graph G_knn --input X --linear                             | lin_simclrsq_WWt | lin_simclrsq_loss
      spectral-contrastive --input X --knn 5 --graph-weights heat         | scl_gram        | scl_loss
      infonce-dist --graph mds_G --tau 2 --dims 2                         | mds_gram        | mds_entropy
      """)
  void closedFormsWithTheirOptimum(String arguments, String gram, String loss) {
    double[] params = Golden.array(SPECTRAL, "vic1_params").toDoubles();
    String filled = arguments.replace("=A", "=" + params[0]).replace("=B", "=" + params[1]).replace("=C",
        "=" + params[2]);
    Map<String, NpyArray> found = embedded(SPECTRAL, filled + (filled.contains("--dims") ? "" : " --dims 3"));
    if (gram != null) {
      assertGram(SPECTRAL, gram, found.get(arguments.contains("--linear") ? "weights" : "embedding"));
    }
    Golden.assertClose(Golden.array(SPECTRAL, loss), found.get("loss"), TOLERANCE);
  }

  @Test
  void tellsWhatIsNoteworthy() {
    CliRun run = CliRun.of("embed", "--method", "vicreg", "--labels", file(SPECTRAL, "y"), "--dims", 5, "--param",
        "gamma=0.5", "--json");
    assertEquals(ExitCodes.DONE, run.code(), run.err());
    assertTrue(run.err().contains("note: K = 5 cuts a multiple eigenvalue"), run.err());
    JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
    assertTrue(json.get("findings").toString().contains("cut-eigenspace"), run.out());
    assertTrue(json.get("findings").toString().contains("disconnected"), run.out());
    assertEquals("[24,5]", json.get("shape").toString());
    assertEquals(5, json.get("values").getAsJsonArray().size());
    assertTrue(json.get("seconds").getAsDouble() > 0 && json.has("loss"));
    CliRun text = CliRun.of("embed", "--method", "pca", "--input", file(CLASSICAL, "X"), "--dims", 2, "--repeat", 1,
        "--dtype", "f32").succeeded();
    assertTrue(text.out().matches("pca 40 x 2 on cpu: .* s; give --out to keep it\\R"), text.out());
  }

  @Test
  void drawsAScatterPlot() throws IOException {
    Path png = folder.resolve("plot.png");
    Path svg = folder.resolve("plot.svg");
    CliRun.of("embed", "--method", "lda", "--input", file(CLASSICAL, "X"), "--labels", file(CLASSICAL, "y"), "--dims", 2,
        "--plot", png).succeeded();
    assertEquals("PNG", new String(Files.readAllBytes(png), 1, 3, StandardCharsets.US_ASCII));
    CliRun.of("embed", "--method", "pca", "--input", file(CLASSICAL, "X"), "--dims", 3, "--plot", svg).succeeded();
    assertTrue(Files.readString(svg).contains("<svg"));
  }

  @Test
  void aKernelBeyondTheBudgetIsStreamed() {
    int n = 1500;
    Path x = folder.resolve("many.npy");
    Npy.write(x, IfExists.REPLACE, NpyArray.of(new SplittableRandom(1).doubles(3L * n).toArray(), n, 3));
    var values = new ArrayList<double[]>();
    for (String memory : List.of("12m", "1g")) {
      Path out = folder.resolve(memory + ".npz");
      CliRun.of("embed", "--method", "kernel-pca", "--input", x, "--dims", 3, "--param", "bandwidth2=1", "--memory",
          memory, "--out", out, "--json").json();
      values.add(arrays(out).get("values").toDoubles());
    }
    assertArrayEquals(values.getFirst(), values.getLast(), 1e-9 * values.getFirst()[0]);
  }

  @Test
  void anyKernelWillDo() {
    Path out = folder.resolve("ntk.npy");
    Path model = Golden.archive("shared-mlp-L3-erf-bias");
    Path x = Golden.npy(folder, "shared-mlp-L3-erf-bias", "X");
    Path net = folder.resolve("net.npz");
    var arrays = new TreeMap<>(arrays(model));
    arrays.put("activation", NpyArray.of("erf"));
    Golden.npz(net, arrays);
    CliRun.of("ntk", "--model", net, "--input", x, "--kind", "trace", "--out", out).succeeded();
    Map<String, NpyArray> ofMatrix = run("kernel-pca", "--gram", out, "--dims", 3);
    Map<String, NpyArray> ofNetwork = run("kernel-pca", "--model", net, "--input", x, "--dims", 3);
    Golden.assertClose(ofMatrix.get("embedding"), ofNetwork.get("embedding"), 1e-9);
  }

  /** Runs a method; words that name an array of the archive become files. */
  private Map<String, NpyArray> embedded(String archive, String arguments) {
    return run(Stream.of(arguments.strip().split(" +")).map(word -> known(archive, word) ? file(archive, word) : word)
        .toArray());
  }

  private Map<String, NpyArray> run(Object... arguments) {
    Path out = folder.resolve("embedding.npz");
    var words = new ArrayList<Object>(List.of("embed", "--method"));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--out", out, "--force", "--json"));
    CliRun.of(words.toArray()).json();
    return arrays(out);
  }

  private static Map<String, NpyArray> arrays(Path archive) {
    try (Npz npz = Npz.open(archive)) {
      return npz.names().stream().collect(Collectors.toMap(name -> name, npz::get));
    }
  }

  private static boolean known(String archive, String word) {
    try (Npz npz = Npz.open(Golden.archive(archive))) {
      return npz.has(word);
    }
  }

  private Path file(String archive, String name) {
    return Golden.npy(folder, archive, name);
  }

  private static void assertGram(String archive, String name, NpyArray points) {
    int rows = (int) points.shape()[0];
    int cols = (int) points.shape()[1];
    double[] z = points.toDoubles();
    var gram = new double[rows * rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        for (int c = 0; c < cols; c++) {
          gram[i * rows + j] += z[i * cols + c] * z[j * cols + c];
        }
      }
    }
    Golden.assertClose(Golden.array(archive, name), NpyArray.of(gram, rows, rows), TOLERANCE);
  }
}
