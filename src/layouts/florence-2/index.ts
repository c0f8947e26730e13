export { FLORENCE_2 } from './layout.js';
