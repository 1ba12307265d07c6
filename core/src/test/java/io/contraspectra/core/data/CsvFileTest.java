package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.InvalidData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFileTest {

  @Test
  void takesTheColumnNamedLabelAsTheClasses() throws IOException {
    LabelledData data = read("a,label,b\n1,7,-2.5e1\n3,-1,4\n");
    assertEquals(2, data.rows());
    assertArrayEquals(new double[] {1, -25, 3, 4}, data.features());
    assertArrayEquals(new int[] {7, -1}, data.requireLabels());
    assertArrayEquals(new double[] {3, 4}, data.row(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,2\n3,4", "x,y\n1,2\n3,4\n", "\uFEFFx,y\r\n1,2\r\n3,4\r\n", "\"1\", 2\n\n 3 ,\"4\"\n",
      "0,x\n1,2\n3,4\n"})
  void readsWithAndWithoutHeader(String text) throws IOException {
    LabelledData data = read(text);
    assertArrayEquals(new double[] {1, 2, 3, 4}, data.features());
    assertNull(data.labels());
    String message = assertThrows(InvalidData.class, data::requireLabels).getMessage();
    assertTrue(message.startsWith("x.csv has no labels"), message);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "'a,b\n1,2\n1,x2\n'|x.csv, line 3, column 2 (b): 'x2' is not a finite number",
    "'1,NA\n3,4\n'|x.csv, line 1, column 2: 'NA' is not a finite number",
    "'1,\n3,4\n'|x.csv, line 1, column 2: '' is not a finite number",
    "'1,2\n3,1e999\n'|x.csv, line 2, column 2: '1e999' is not a finite number",
    "'1,2\n3,4d\n'|x.csv, line 2, column 2: '4d' is not a finite number",
    "'1,2\n\n3\n'|x.csv, line 3: 1 columns, the lines before have 2",
    "'a,label\n1,0.5\n'|x.csv, line 2, column 2 (label): 0.5 is not a class",
    "'label,label\n1,0.5\n'|two columns are named 'label'",
    "'a,b\n'|x.csv holds no rows of numbers",
    "''|x.csv holds no rows of numbers",
    "'label\n1\n'|x.csv holds no samples",
  })
  void namesFileLineColumnAndText(String text, String reason) {
    String message = assertThrows(InvalidData.class, () -> read(text)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  private static LabelledData read(String text) throws IOException {
    return CsvFile.read("x.csv", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
