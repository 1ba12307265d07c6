package io.contraspectra.core.backend;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs on each {@link TestBackend}. It takes a fresh {@link Backend}, which is closed for it; a parameter
 * of any enum type, {@link io.contraspectra.core.matrix.DType} before all, makes it run for every value of that enum as
 * well. It fails if it leaves a matrix open.
 *
 * <pre>{@code
 * @EveryBackend
 * void sumsOnes(Backend backend, DType dtype) {
 *   try (Matrix x = backend.zeros(dtype, 3, 5)) {
 *     backend.fill(1, x);
 *     assertEquals(15, backend.sum(x));
 *   }
 * }
 * }</pre>
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(BackendInvocations.class)
public @interface EveryBackend {}
