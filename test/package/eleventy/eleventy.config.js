import { eleventyAltText } from 'captioneer/alt/plugins';

export default function (eleventyConfig) {
  eleventyConfig.addPlugin(eleventyAltText);
  return { dir: { input: 'src' } };
}
