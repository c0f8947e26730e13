exports.modelFolder = require('node:url').pathToFileURL(`${__dirname}/`);
