// The script of the tests' page: all that it has becomes global, where tests find it.
import * as captioneer from 'captioneer';
import * as testing from 'captioneer/testing';
import * as helpers from './page-helpers.ts';

Object.assign(globalThis, { ...helpers, testing, captioneer });
