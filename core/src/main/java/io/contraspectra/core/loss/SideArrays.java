package io.contraspectra.core.loss;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Side arrays of one evaluation, kept by reference; whoever made them closes them. Immutable. */
public final class SideArrays {

  /** No arrays. */
  public static final SideArrays NONE = new SideArrays(Map.of());

  private final Map<SideArray, Matrix> arrays;

  private SideArrays(Map<SideArray, Matrix> arrays) {
    this.arrays = arrays;
  }

  /** One array. */
  public static SideArrays of(SideArray name, Matrix array) {
    return NONE.with(name, array);
  }

  /** These and one more, which replaces the one of its name. */
  public SideArrays with(SideArray name, Matrix array) {
    var more = new EnumMap<SideArray, Matrix>(SideArray.class);
    more.putAll(arrays);
    more.put(name, array);
    return new SideArrays(more);
  }

  /** The array of a name, if it was given. */
  public Optional<Matrix> find(SideArray name) {
    return Optional.ofNullable(arrays.get(name));
  }

  /**
   * The array of a name.
   *
   * @param loss who needs it, for the message
   * @throws InvalidArgument if it was not given
   */
  Matrix require(SideArray name, String loss) {
    return find(name).orElseThrow(() -> new InvalidArgument(
        loss + " needs the array '" + name.label() + "': " + name.description()));
  }

  /**
   * Refuses arrays that a loss does not know what to do with.
   *
   * @throws InvalidArgument for an array that is not one of those it takes
   */
  void requireOnly(Set<SideArray> taken, String loss) {
    for (SideArray given : arrays.keySet()) {
      if (!taken.contains(given)) {
        throw new InvalidArgument(loss + " takes no array '" + given.label() + "'"
            + (taken.isEmpty() ? "" : ", only " + String.join(", ", taken.stream().map(SideArray::label).toList())));
      }
    }
  }
}
