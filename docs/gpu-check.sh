#!/bin/sh
# Checks the CUDA backend on a machine that has an NVIDIA GPU with driver and CUDA libraries, and no network.
#
#   docs/gpu-check.sh pack FOLDER   here: builds, and puts a Java runtime, our classes and what they need into FOLDER
#                                   and FOLDER.tar.gz, under 60 MiB
#   FOLDER/gpu-check.sh [device|contract|bench|all]     there: say which device there is; contract suite and golden
#                                   cases; benchmarks on device and processors as ratios to a product; or both
#
# The libraries are found as always: CUDA_HOME, CUDA_PATH, or CONTRASPECTRA_JAVA_OPTIONS=-Dcontraspectra.cuda.home=…
# Exit code 3 and the reason where there is no device. Benchmarks leave gpu-check.json and gpu-check-large.json in the
# working directory.
set -eu
modules=java.base,java.compiler,java.logging,java.management,java.xml
modules=$modules,jdk.incubator.vector,jdk.management,jdk.unsupported,jdk.zipfs
most=60
here=$(cd "$(dirname "$0")" && pwd)

pack() {
  root=$(cd "$here/.." && pwd)
  target=$1
  mkdir -p "$target"
  target=$(cd "$target" && pwd)
  mvn=$(command -v mvn || echo "$root/mvnw")
  (cd "$root" && "$mvn" -q -B -DskipTests -pl jmh-benchmarks -am package \
    && "$mvn" -q -B -DskipTests -pl core -am package dependency:copy-dependencies \
      -DincludeScope=test -DoutputDirectory="$target/lib")
  jdk=$(dirname "$(dirname "$("$root/bin/contraspectra" --print-java)")")
  "$jdk/bin/jlink" --add-modules "$modules" \
    --strip-debug --no-header-files --no-man-pages --compress zip-9 --output "$target/runtime"
  cp -r "$root/jmh-benchmarks/target/lib/." "$target/lib"
  for module in native-bindings core jmh-benchmarks; do
    mkdir -p "$target/$module"
    cp -r "$root/$module/target/classes" "$target/$module/"
  done
  cp -r "$root/core/target/test-classes" "$target/core/"
  cp "$here/gpu-check.sh" "$target/"
  rm -f "$target"/lib/contraspectra-*.jar
  (cd "$target/.." && tar -czf "$(basename "$target").tar.gz" "$(basename "$target")")
  size=$(du -m "$target.tar.gz" | cut -f 1)
  echo "$target.tar.gz: $size MiB"
  [ "$size" -le "$most" ] || { echo "gpu-check.sh: that is more than $most MiB" >&2; exit 1; }
}

java_here() {
  # shellcheck disable=SC2086
  "$here/runtime/bin/java" --enable-native-access=ALL-UNNAMED --add-modules=jdk.incubator.vector \
    ${CONTRASPECTRA_JAVA_OPTIONS:-} \
    -cp "$here/core/test-classes:$here/core/classes:$here/native-bindings/classes:$here/jmh-benchmarks/classes:$here/lib/*" \
    "$@"
}

device() { java_here io.contraspectra.core.backend.cuda.GpuCheck device; }

contract() { java_here io.contraspectra.core.backend.cuda.GpuCheck; }

bench() {
  device
  java_here org.openjdk.jmh.Main FullGram TraceGram -p device=cpu,cuda -f 1 -wi 2 -i 4 -rf json -rff gpu-check.json
  # The goal's size: N 4096, d 784, M 4096, K 10; its Gram takes 13 GB in f64.
  java_here org.openjdk.jmh.Main FullGram -p device=cuda -p size=TRACE -f 1 -wi 2 -i 4 -rf json -rff gpu-check-large.json
}

case ${1:-all} in
  pack) pack "$2" ;;
  device) device ;;
  contract) contract ;;
  bench) bench ;;
  all) contract && bench ;;
  *) echo "gpu-check.sh: unknown part '$1'; known are pack FOLDER, device, contract, bench, all" >&2; exit 2 ;;
esac
