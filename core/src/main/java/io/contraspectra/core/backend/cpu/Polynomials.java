package io.contraspectra.core.backend.cpu;

/**
 * Constants of the functions that kernels compute in double precision, shared by their scalar and their vector form.
 * Coefficients stand in ascending order, a multiple of {@link #PASS} of them. All were computed with mpmath at 50 digits by interpolation at 40 to 60
 * Chebyshev nodes, cut after the last term that matters and rounded; the stated errors are those of the cut polynomials,
 * relative to the function that they serve.
 */
public final class Polynomials {

  /** Coefficients that kernels take in one pass over a tile. */
  static final int PASS = 12;

  private Polynomials() {}

  /** {@code (exp(r) - 1 - r) / r^2} for {@code |r| <= 0.35}; error 2e-18. */
  public static final double[] EXP = {
      0.5, 0.16666666666666666, 0.04166666666666668, 0.008333333333333335,
      0.0013888888888878277, 0.00019841269841257582, 2.480158733854189e-05, 2.7557319258297863e-06,
      2.7557261054133115e-07, 2.505206170955696e-08, 2.0918952794979583e-09, 1.6089516810305506e-10
  };

  /** {@code 1 / log 2}. */
  public static final double LOG2_E = 1.4426950408889634;

  /** {@code log 2}, cut to 42 bits so that its multiples by exponents are exact. */
  public static final double LN2_HIGH = 0x1.62e42fefa38p-1;

  /** {@code log 2 - LN2_HIGH}. */
  public static final double LN2_LOW = 5.497923018708371e-14;

  /** {@code (erf(x) / x - 2 / sqrt(pi)) / x^2} in powers of {@code x^2}, for {@code |x| <= 1}; error 1e-17. */
  public static final double[] ERF = {
      -0.37612638903183754, 0.11283791670955111, -0.026866170645123925, 0.0052239776253048325,
      -0.0008548327010138358, 0.00012055332219610691, -1.4925622646696348e-05, 1.6461449310631618e-06,
      -1.6355150424420964e-07, 1.4692721695624695e-08, -1.1501353588177746e-09, 6.175907631430082e-11
  };

  /** {@code 2 / sqrt(pi)}, rounded. */
  public static final double TWO_OVER_SQRT_PI = 1.1283791670955126;

  /** {@code 2 / sqrt(pi) - TWO_OVER_SQRT_PI}. */
  public static final double TWO_OVER_SQRT_PI_LOW = 1.533545961316588e-17;

  /**
   * Lower tail of the normal distribution: {@code Phi(-z) = w/2 exp(g - z^2/2)} with {@code w = 1/(1 + TAIL_SLOPE z)}.
   * This is {@code (g - TAIL_HIGH - TAIL_LOW) / s} in powers of {@code s = TAIL_SCALE w + TAIL_SHIFT}, which lies in
   * [-1, 1], for {@code 0 <= z <= TAIL_END}; error 5e-17.
   */
  public static final double[] TAIL = {
      0.6911605762139427, 0.08023957772751077, -0.03207713202480104, -0.013976819243333265,
      0.003983501172728466, 0.002771653602258801, -0.0008204475282687144, -0.000583521548838371,
      0.00022307713816275757, 0.00011808734341820798, -6.56618913166786e-05, -2.0015327117750748e-05,
      1.8470327300878702e-05, 1.8641767642966998e-06, -4.595651364945598e-06, 3.7781754006106446e-07,
      9.4361122139231e-07, -2.502432374711894e-07, -1.4531742265222694e-07, 7.059737410693618e-08,
      1.4063151242706245e-08, -1.1787770553904848e-08, -5.405246523090157e-10, 9.464516930908872e-10
  };

  /** See {@link #TAIL}: g at {@code s = 0}, cut to few bits. */
  public static final double TAIL_HIGH = -0.73095703125;

  /** See {@link #TAIL}: the rest of g at {@code s = 0}. */
  public static final double TAIL_LOW = -1.2582383829267787e-05;

  /** What a relative error of w does to g, relative to w: the derivative of g by w at {@code s = 0}. */
  public static final double TAIL_ERROR_SLOPE = 1.4744759;

  /** See {@link #TAIL}. */
  public static final double TAIL_SLOPE = 0.3125;

  /** See {@link #TAIL}. */
  public static final double TAIL_SCALE = 2.1333333333333333;

  /** See {@link #TAIL}. */
  public static final double TAIL_SHIFT = -1.1333333333333333;

  /** From here on the lower tail is less than the smallest double. */
  public static final double TAIL_END = 39;

  /**
   * {@code (log(1 + q) - 2s) / s^3} in powers of {@code s^2}, where {@code s = q / (2 + q)}, for {@code 0 <= q <= 1};
   * error 4e-18.
   */
  public static final double[] LOG1P = {
      0.6666666666666666, 0.40000000000000013, 0.2857142857142181, 0.2222222222335073,
      0.18181818084652357, 0.1538462031078367, 0.13333175454066806, 0.11768022952490349,
      0.10480126767918509, 0.09943854828267971, 0.06327166783169073, 0.15242639877225192
  };

  /** {@code (tanh(z) - z) / z^3} in powers of {@code z^2}, for {@code |z| <= 0.5}; error 5e-18. */
  public static final double[] TANH = {
      -0.3333333333333333, 0.1333333333333333, -0.05396825396824845, 0.021869488535740264,
      -0.008863235513776472, 0.003592127666135216, -0.001455828978001023, 0.0005899752342757111,
      -0.0002387907234366308, 9.544946606150478e-05, -3.51551948009112e-05, 8.864382149433776e-06
  };

  public static final double SQRT_TWO = 1.4142135623730951;

  public static final double ONE_OVER_SQRT_TWO_PI = 0.3989422804014327;

  /** 2^exponent, for exponents of normal numbers. */
  public static double powerOfTwo(int exponent) {
    return Double.longBitsToDouble((exponent + 1023L) << 52);
  }
}
