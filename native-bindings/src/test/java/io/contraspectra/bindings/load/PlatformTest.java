package io.contraspectra.bindings.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
  @ParameterizedTest
  @CsvSource({
      "Linux, amd64, linux-x86_64",
      "Linux, aarch64, linux-arm64",
      "Mac OS X, aarch64, macosx-arm64",
      "Windows 11, amd64, windows-x86_64",
      "FreeBSD, amd64, linux-x86_64"})
  void classifierIsBytedecos(String osName, String osArch, String classifier) {
    assertEquals(classifier, Platform.of(osName, osArch).classifier());
  }
}
