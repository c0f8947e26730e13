const { readFileSync } = require('node:fs');

/** The image as pixels: sharp does not run in the Wine of Debian 12. */
exports.image = { data: readFileSync('cat.raw'), ...JSON.parse(readFileSync('cat.json', 'utf8')) };
