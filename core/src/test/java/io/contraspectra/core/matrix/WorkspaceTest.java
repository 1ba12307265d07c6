package io.contraspectra.core.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Matrices carved from one slab. */
@ExtendWith(NoOpenMemory.class)
class WorkspaceTest {

  @Test
  void everyMatrixStartsAtACacheLine() {
    try (var workspace = new Workspace(HostMemory.allocate(1024))) {
      for (DType dtype : DType.values()) {
        assertEquals(0, workspace.matrix(dtype, 1, 3).offset() * dtype.bytes() % 64);
        assertEquals(0, workspace.matrix(dtype, 5, 1).offset() * dtype.bytes() % 64);
      }
    }
  }

  @Test
  void plannedBytesAreWhatMatricesTake() {
    long bytes = Workspace.bytes(DType.F32, 3, 7) + Workspace.bytes(DType.F64, 2, 2) + Workspace.bytes(DType.F64, 0, 9);
    try (var workspace = new Workspace(HostMemory.allocate(bytes))) {
      workspace.matrix(DType.F32, 3, 7);
      workspace.matrix(DType.F64, 2, 2);
      assertEquals(0, workspace.matrix(DType.F64, 0, 9).size());
      assertThrows(InvalidArgument.class, () -> workspace.matrix(DType.F32, 1, 1));
      workspace.reset();
      assertEquals(0, workspace.matrix(DType.F32, 3, 7).offset());
    }
  }

  @Test
  void sizesThatOverflowAreShapeErrors() {
    try (var workspace = new Workspace(HostMemory.allocate(64))) {
      for (long rows : new long[] {-1, 1L << 62, Long.MAX_VALUE / 8, Long.MAX_VALUE}) {
        String message = assertThrows(ShapeMismatch.class, () -> workspace.matrix(DType.F64, rows, 1)).getMessage();
        assertTrue(message.contains("a " + rows + "x1 matrix"), message);
      }
    }
  }
}
