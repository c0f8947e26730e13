/** The file by which a folder in a public layout is known. */
export const CONFIG_FILE = 'config.json';
