/** Points of a curve may be of fewer images than figures that stand alone. */
export const CURVE_IMAGES = 10;
