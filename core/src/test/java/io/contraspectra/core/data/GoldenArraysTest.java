package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads every reference archive that the project's other tests rely on, and checks it against its manifest. */
class GoldenArraysTest {

  static Stream<Map.Entry<String, JsonObject>> archives() throws IOException {
    String manifest = Files.readString(Fixtures.golden("shared-manifest.json"));
    return JsonParser.parseString(manifest).getAsJsonObject().entrySet().stream()
        .map(archive -> Map.entry(archive.getKey(), archive.getValue().getAsJsonObject().getAsJsonObject("arrays")));
  }

  @ParameterizedTest
  @MethodSource("archives")
  void holdsTheArraysOfItsManifest(Map.Entry<String, JsonObject> archive) {
    try (Npz npz = Npz.open(Fixtures.golden(archive.getKey() + ".npz"))) {
      assertEquals(archive.getValue().keySet(), npz.names());
      for (String name : npz.names()) {
        NpyArray array = npz.get(name);
        assertArrayEquals(shape(archive.getValue().getAsJsonArray(name)), array.shape(), array::toString);
        assertTrue(Arrays.stream(array.toDoubles()).noneMatch(Double::isNaN), array::toString);
      }
    }
  }

  private static long[] shape(JsonArray sizes) {
    return IntStream.range(0, sizes.size()).mapToLong(axis -> sizes.get(axis).getAsLong()).toArray();
  }
}
