// Error function to about 1e-16 relative: rational approximations of Cody (1969), "Rational Chebyshev approximation for the error function".

import { exp } from "./_exp.ts";

const inverseRootPi = 0.56418958354775628695;

/** erf(x) = 2/√π ∫₀ˣ e^(−t²) dt. */
export function erf(x: number): number {
  if (Math.abs(x) <= 0.46875) return small(x);
  return x > 0 ? 1 - tail(x) : tail(-x) - 1;
}

/** 1 − erf(x), without cancellation for large x. */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.46875) return 1 - small(x);
  return x > 0 ? tail(x) : 2 - tail(-x);
}

function small(x: number): number {
  const z = x * x;
  const above = (((0.185777706184603153 * z + 3.1611237438705656) * z + 113.864154151050156) * z + 377.485237685302021) * z + 3209.37758913846947;
  const below = (((z + 23.6012909523441209) * z + 244.024637934444173) * z + 1282.61652607737228) * z + 2844.23683343917062;
  return (x * above) / below;
}

/** erfc(y) for y > 0.46875. */
function tail(y: number): number {
  if (y > 27) return 0;
  if (y <= 4) {
    let above = 2.15311535474403846e-8 * y + 0.564188496988670089;
    above = (((((above * y + 8.88314979438837594) * y + 66.1191906371416295) * y + 298.635138197400131) * y + 881.95222124176909) * y + 1712.04761263407058) * y;
    above = (above + 2051.07837782607147) * y + 1230.33935479799725;
    let below = (((y + 15.7449261107098347) * y + 117.693950891312499) * y + 537.181101862009858) * y + 1621.38957456669019;
    below = (((below * y + 3290.79923573345963) * y + 4362.61909014324716) * y + 3439.36767414372164) * y + 1230.33935480374942;
    return (exp(-y * y) * above) / below;
  }
  const z = 1 / (y * y);
  const above = ((((0.0163153871373020978 * z + 0.305326634961232344) * z + 0.360344899949804439) * z + 0.125781726111229246) * z + 0.0160837851487422766) * z + 6.58749161529837803e-4;
  const below = ((((z + 2.56852019228982242) * z + 1.87295284992346725) * z + 0.527905102951428412) * z + 0.0605183413124413191) * z + 0.00233520497626869185;
  return (exp(-y * y) / y) * (inverseRootPi - (z * above) / below);
}
