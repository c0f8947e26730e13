// The script of the tests' page: all that it has becomes global, where tests find it.
import * as root from 'captioneer';
import * as web from 'captioneer/web';
import * as testing from 'captioneer/testing';
import * as helpers from './page-helpers.ts';

Object.assign(globalThis, { ...helpers, testing, captioneer: { ...root, ...web } });
