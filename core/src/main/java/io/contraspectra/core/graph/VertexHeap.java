package io.contraspectra.core.graph;

import java.util.Arrays;

/** A binary heap of vertices, nearest first, whose distances may fall while they are in it. Not thread-safe. */
final class VertexHeap {

  private final double[] distances;
  private final int[] heap;
  private final int[] places;
  private int size;

  /** An empty heap over distances that its user lowers. */
  VertexHeap(double[] distances) {
    this.distances = distances;
    this.heap = new int[distances.length];
    this.places = new int[distances.length];
    Arrays.fill(places, -1);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Takes in a vertex, or lifts one that is in already, after its distance fell. */
  void raise(int vertex) {
    int place = places[vertex] < 0 ? size++ : places[vertex];
    while (place > 0 && distances[heap[(place - 1) / 2]] > distances[vertex]) {
      put(heap[(place - 1) / 2], place);
      place = (place - 1) / 2;
    }
    put(vertex, place);
  }

  /** Removes the nearest vertex. */
  int pop() {
    int nearest = heap[0];
    places[nearest] = -1;
    int last = heap[--size];
    if (size > 0) {
      sink(last);
    }
    return nearest;
  }

  private void sink(int vertex) {
    int place = 0;
    for (int child = 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && distances[heap[child + 1]] < distances[heap[child]]) {
        child++;
      }
      if (distances[heap[child]] >= distances[vertex]) {
        break;
      }
      put(heap[child], place);
      place = child;
    }
    put(vertex, place);
  }

  private void put(int vertex, int place) {
    heap[place] = vertex;
    places[vertex] = place;
  }
}
