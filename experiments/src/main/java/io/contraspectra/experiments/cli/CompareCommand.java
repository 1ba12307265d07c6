package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.Representations;
import io.contraspectra.core.manifold.SubspaceDistances;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code compare}: how far two subspaces, or two representations of the same samples, are apart. */
@Command(name = "compare", description = "Measure how far the column spaces of two matrices, and the matrices as"
    + " representations of the same samples, are apart.")
final class CompareCommand extends AbstractCommand {

  @Parameters(index = "0", paramLabel = "A.npy", description = "First matrix, N x p.")
  private Path first;

  @Parameters(index = "1", paramLabel = "B.npy", description = "Second matrix, N x q; the reference of the misfit.")
  private Path second;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin
  private BackendOptions backendOptions;

  @Override
  int execute() {
    try (Backend backend = backendOptions.open(WorkEstimate.products(first, second, backendOptions.dtype()));
        Matrix a = Inputs.matrix("A", first, backend, backendOptions.dtype());
        Matrix b = Inputs.matrix("B", second, backend, backendOptions.dtype())) {
      if (a.rows() != b.rows()) {
        throw new ShapeMismatch(a.describe(first + " is ") + ", " + b.describe(second + " is ")
            + "; both need the same number of rows");
      }
      JsonObject distances = distances(backend, a, b);
      if (json) {
        out().println(Json.text(distances));
      } else {
        distances.entrySet().forEach(distance -> out().println(line(distance)));
      }
    }
    return ExitCodes.DONE;
  }

  private static JsonObject distances(Backend backend, Matrix a, Matrix b) {
    SubspaceDistances subspaces = Subspaces.compare(backend, a, b);
    var angles = new JsonArray();
    Arrays.stream(subspaces.principalAngles()).mapToObj(Json::number).forEach(angles::add);
    var object = new JsonObject();
    object.add("angles", angles);
    object.add("projF", Json.number(subspaces.projectorDistance()));
    object.add("chordal", Json.number(subspaces.chordal()));
    object.add("geodesic", Json.number(subspaces.geodesic()));
    object.add("procrustes", Json.number(subspaces.procrustes()));
    object.add("procrustes_misfit", Json.number(Representations.procrustesMisfit(backend, a, b)));
    object.add("projection_distance", Json.number(subspaces.projectionDistance()));
    object.add("cka", Json.number(Representations.linearCka(backend, a, b)));
    return object;
  }

  private static String line(Map.Entry<String, ?> distance) {
    return distance.getKey().replace('_', ' ') + ": " + distance.getValue();
  }
}
