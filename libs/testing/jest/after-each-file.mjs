import { tidyUp } from '@conclave/testing';
import { afterAll } from '@jest/globals';

afterAll(tidyUp, 30_000);
