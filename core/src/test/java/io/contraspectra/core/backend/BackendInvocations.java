package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.NoOpenMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Unfolds {@link EveryBackend} into one invocation for each choice of backend and enum values. */
public final class BackendInvocations implements TestTemplateInvocationContextProvider {

  /** What stands for one parameter: an enum value, or the kind of backend to open. */
  private record Choice(int position, Enum<?> value) {}

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
    Class<?>[] types = context.getRequiredTestMethod().getParameterTypes();
    Stream<List<Choice>> rows = Stream.of(List.of());
    for (int i = 0; i < types.length; i++) {
      int position = i;
      if (isOurs(types[i])) {
        rows = rows.flatMap(row -> values(types[position]).map(value -> extended(row, new Choice(position, value))));
      }
    }
    return rows.map(Invocation::new);
  }

  private static boolean isOurs(Class<?> type) {
    return type == Backend.class || type.isEnum();
  }

  private static Stream<Enum<?>> values(Class<?> type) {
    return type == Backend.class
        ? TestBackend.chosen()
        : Arrays.stream(type.getEnumConstants()).map(value -> (Enum<?>) value);
  }

  private static List<Choice> extended(List<Choice> row, Choice next) {
    var longer = new ArrayList<>(row);
    longer.add(next);
    return longer;
  }

  private record Invocation(List<Choice> choices) implements TestTemplateInvocationContext {

    @Override
    public String getDisplayName(int index) {
      return choices.stream().map(choice -> choice.value().name()).collect(Collectors.joining(" "));
    }

    // The ledger is compared last, when the backend has given back what it pools.
    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new NoOpenMemory(), new Arguments(choices));
    }
  }

  private static final class Arguments
      implements BeforeEachCallback, AfterEachCallback, ParameterResolver, TestExecutionExceptionHandler {

    private final List<Choice> choices;
    private final Map<Integer, Object> values = new HashMap<>();

    Arguments(List<Choice> choices) {
      this.choices = choices;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      Class<?>[] types = context.getRequiredTestMethod().getParameterTypes();
      for (Choice choice : choices) {
        boolean opens = types[choice.position()] == Backend.class;
        values.put(choice.position(), opens ? ((TestBackend) choice.value()).open() : choice.value());
      }
    }

    @Override
    public void afterEach(ExtensionContext context) {
      for (Object value : values.values()) {
        if (value instanceof Backend backend) {
          backend.close();
        }
      }
    }

    // Build logs show the number of an invocation, not its display name.
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
      failure.addSuppressed(new Throwable("failed on " + context.getDisplayName()));
      throw failure;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return isOurs(parameter.getParameter().getType());
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return values.get(parameter.getIndex());
    }
  }
}
