package io.contraspectra.experiments.report;

import java.util.LinkedHashMap;
import java.util.regex.Pattern;

/** Makes the drawing library's SVG small, repeatable and fit to stand beside others in one page. */
final class Svg {
  private static final Pattern CLIP = Pattern.compile("clip-?\\d+");
  /** Decimals after the second, unless an exponent follows and the number is not what it seems. */
  private static final Pattern EXCESS_DECIMALS = Pattern.compile("(\\.\\d\\d)\\d+(?![\\dE])");

  private Svg() {}

  /**
   * Numbers to a hundredth of a pixel, and names of clipping paths, which come from hash codes, replaced by ones that
   * are the same in every run and different in every figure.
   */
  static String tidy(String svg, String figure) {
    var names = new LinkedHashMap<String, String>();
    String named = CLIP.matcher(svg).replaceAll(
        match -> names.computeIfAbsent(match.group(), _ -> figure + "-clip" + names.size()));
    return EXCESS_DECIMALS.matcher(named).replaceAll("$1");
  }

  /** The element alone, without the XML declaration and document type that a page cannot contain. */
  static String element(String document) {
    return document.substring(document.indexOf("<svg"));
  }
}
