package io.contraspectra.core.graph;

import java.util.Arrays;

/**
 * The connected components of a graph, numbered by their first vertex. The zero eigenvalues of the Laplacian are as
 * many as there are components.
 */
public final class ConnectedComponents {

  private final int[] component;
  private final int count;

  private ConnectedComponents(int[] component, int count) {
    this.component = component;
    this.count = count;
  }

  static ConnectedComponents of(RelationGraph graph) {
    var component = new int[graph.vertices()];
    Arrays.fill(component, -1);
    var stack = new int[graph.vertices()];
    int count = 0;
    for (int first = 0; first < component.length; first++) {
      if (component[first] < 0) {
        flood(graph, first, count, component, stack);
        count++;
      }
    }
    return new ConnectedComponents(component, count);
  }

  private static void flood(RelationGraph graph, int first, int number, int[] component, int[] stack) {
    int top = 0;
    stack[top++] = first;
    component[first] = number;
    while (top > 0) {
      int vertex = stack[--top];
      for (int at = graph.starts()[vertex]; at < graph.starts()[vertex + 1]; at++) {
        int next = graph.columns()[at];
        if (component[next] < 0) {
          component[next] = number;
          stack[top++] = next;
        }
      }
    }
  }

  /** How many components there are; an isolated vertex is one of its own. */
  public int count() {
    return count;
  }

  /** The component of a vertex, from 0. */
  public int of(int vertex) {
    return component[vertex];
  }

  /** Number of vertices of every component. */
  public int[] sizes() {
    var sizes = new int[count];
    for (int number : component) {
      sizes[number]++;
    }
    return sizes;
  }
}
