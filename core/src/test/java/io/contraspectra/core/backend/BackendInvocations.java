package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.NoOpenMemory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.jspecify.annotations.Nullable;

/** Unfolds {@link EveryBackend} into one invocation for each backend and, where asked for, each element type. */
public final class BackendInvocations implements TestTemplateInvocationContextProvider {

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
    boolean typed = List.of(context.getRequiredTestMethod().getParameterTypes()).contains(DType.class);
    List<DType> dtypes = typed ? List.of(DType.values()) : List.of(DType.F64);
    return Arrays.stream(TestBackend.values())
        .flatMap(backend -> dtypes.stream().map(dtype -> new Invocation(backend, dtype, typed)));
  }

  private record Invocation(TestBackend backend, DType dtype, boolean typed) implements TestTemplateInvocationContext {

    @Override
    public String getDisplayName(int index) {
      return typed ? backend + " " + dtype : backend.toString();
    }

    // The ledger is compared last, when the backend has given back what it pools.
    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new NoOpenMemory(), new Arguments(backend, dtype));
    }
  }

  private static final class Arguments
      implements BeforeEachCallback, AfterEachCallback, ParameterResolver, TestExecutionExceptionHandler {

    private final TestBackend kind;
    private final DType dtype;
    private @Nullable Backend backend;

    Arguments(TestBackend kind, DType dtype) {
      this.kind = kind;
      this.dtype = dtype;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      backend = kind.open();
    }

    @Override
    public void afterEach(ExtensionContext context) {
      if (backend != null) {
        backend.close();
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
      Class<?> type = parameter.getParameter().getType();
      return type == Backend.class || type == DType.class;
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Backend.class ? backend : dtype;
    }
  }
}
