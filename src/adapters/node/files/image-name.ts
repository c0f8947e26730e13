/**
 * The extensions by which image files are known in folders and patterns, in any case. Those that the library does not decode are among
 * them: they are captioned by their content, or are errors, and not left out in silence.
 */
const IMAGE_FILE =
  /\.(jpe?g|jpe|jfif|a?png|webp|gif|avifs?|tiff?|hei[cf]s?|hif|jxl|jp2|j2k|jp[fx]|bmp|dib|ico|ps[db]|svgz?|dng|cr[23w]|nef|nrw|arw|sr[2fw]|raf|orf|rw[2l]|pef|x3f|3fr|iiq|erf|kdc|dcr|mrw|exr|qoi|xcf|tga|p[bgpn]m)$/i;

/** Whether a file's name says that it is an image. */
export function isImageName(name: string): boolean {
  return IMAGE_FILE.test(name);
}
