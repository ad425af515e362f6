/** Writes down what a file of tests has run, because a worker is ended before it could by itself. */
import { takeCoverage } from 'node:v8';
import { afterAll } from 'vitest';

afterAll(() => takeCoverage());
