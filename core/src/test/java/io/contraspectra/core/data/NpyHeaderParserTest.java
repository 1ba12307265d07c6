package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.InvalidData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderParserTest {

  @ParameterizedTest
  @ValueSource(strings = {
    "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 3), }",
    "{'shape':(4,3),'descr':\"<f8\",'fortran_order':False}   \n",
    " { 'fortran_order' : False , 'shape' : ( 4 , 3 , ) , 'descr' : '<f8' } ",
  })
  void acceptsTheThreeKeysInAnyOrder(String text) {
    assertEquals(NpyHeader.rowMajor(NpyType.of(NpyType.Kind.F8), Shape.of(4, 3)), parse(text));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "(4)|one axis written (n,)",
    "(,)|needs sizes",
    "(4 3)|needs ',' or ')'",
    "(4,-3)|negative size",
    "(1e3,)|needs ',' or ')'",
    "(9999999999999999999,)|1 to 18 digits",
    "(4294967296, 4294967296)|more elements than any memory",
    "(999999999999999999, 4)|more than any memory",
    "((4,3),)|needs sizes",
    "[4, 3]|needs '('",
    "(4,3|needs sizes",
  })
  void refusesBadShapes(String shape, String reason) {
    assertRefused("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }", reason);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "``|needs '{'",
    "{}|must have the keys",
    "{'shape': (), 'shape': ()}|the key 'shape' twice",
    "{'kind': 1}|unknown key 'kind'",
    "{'descr': '<f8', 'fortran_order': 0, 'shape': ()}|needs True or False",
    "{'descr': '<f8', 'fortran_order': False, 'shape': ()} x|goes on after",
    "{'descr': '<f8' 'fortran_order': False}|needs ',' or '}'",
    "{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': ()}|needs a quoted text",
    "{'descr': '<U0', 'fortran_order': False, 'shape': ()}|characters wide",
    "{'descr': '<c16', 'fortran_order': False, 'shape': ()}|'<c16' is not supported",
  })
  void refusesBadDictionaries(String text, String reason) {
    assertRefused(text, reason);
  }

  private static NpyHeader parse(String text) {
    return new NpyHeaderParser(text, "x.npy").parse();
  }

  private static void assertRefused(String text, String reason) {
    String message = assertThrows(InvalidData.class, () -> parse(text)).getMessage();
    assertTrue(message.startsWith("x.npy: ") && message.contains(reason), message);
  }
}
