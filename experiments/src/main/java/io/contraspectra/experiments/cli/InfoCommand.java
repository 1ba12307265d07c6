package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.contraspectra.bindings.load.Attempt;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.NativeReport;
import io.contraspectra.core.matrix.BackendUnavailable;
import java.util.ArrayList;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code info}: what this installation consists of, what was tried to load it, and what {@code auto} picks. */
@Command(name = "info", description = "Show versions, native libraries with every source tried, and the backends.")
final class InfoCommand extends AbstractCommand {

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  int execute() {
    Found auto = Found.of("auto");
    Found cuda = Found.of("cuda");
    out().println(json ? Json.text(object(auto, cuda)) : text(auto, cuda));
    return auto.available() ? ExitCodes.DONE : ExitCodes.UNAVAILABLE;
  }

  /** A backend that can be opened, or why it cannot. */
  private record Found(boolean available, String detail) {

    static Found of(String name) {
      try (Backend backend = Backends.select(name)) {
        return new Found(true, backend.describe());
      } catch (BackendUnavailable e) {
        return new Found(false, "none: " + e.getMessage().replaceAll("\\s*\\R\\s*", " "));
      }
    }
  }

  private static String text(Found auto, Found cuda) {
    var lines = new ArrayList<String>();
    lines.add("contraspectra  " + Version.current());
    lines.add("java           " + java());
    lines.add("system         " + system());
    lines.add("vector API     " + vectorApi());
    lines.add("auto picks     " + auto.detail());
    lines.add("auto's rule    " + Backends.rule());
    for (NativeReport report : Backends.nativeReports()) {
      lines.add("%-15s".formatted(report.library()) + report.details());
      report.attempts().forEach(attempt -> lines.add("  " + attempt));
    }
    lines.add("cuda           " + cuda.detail());
    return String.join(System.lineSeparator(), lines);
  }

  private static JsonObject object(Found auto, Found cuda) {
    var object = new JsonObject();
    object.addProperty("version", Version.current());
    object.addProperty("java", java());
    object.addProperty("system", system());
    object.addProperty("processors", Runtime.getRuntime().availableProcessors());
    object.addProperty("vector_api", vectorApi());
    object.addProperty("auto", auto.detail());
    object.addProperty("auto_rule", Backends.rule());
    for (NativeReport report : Backends.nativeReports()) {
      object.add(report.library(), object(report));
    }
    var device = new JsonObject();
    device.addProperty("available", cuda.available());
    device.addProperty("detail", cuda.detail());
    object.add("cuda", device);
    return object;
  }

  private static JsonObject object(NativeReport report) {
    var attempts = new JsonArray();
    for (Attempt attempt : report.attempts()) {
      var entry = new JsonObject();
      entry.addProperty("source", attempt.source());
      entry.addProperty("location", attempt.location());
      entry.addProperty("outcome", attempt.outcome().name().toLowerCase(Locale.ROOT));
      entry.addProperty("detail", attempt.detail());
      attempts.add(entry);
    }
    var object = new JsonObject();
    object.addProperty("details", report.details());
    object.add("attempts", attempts);
    return object;
  }

  private static String java() {
    return System.getProperty("java.vm.name") + " " + Runtime.version() + ", " + System.getProperty("java.vendor");
  }

  private static String system() {
    return System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch");
  }

  private static String vectorApi() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? "readable" : "absent; add --add-modules=jdk.incubator.vector for faster elementwise kernels";
  }
}
