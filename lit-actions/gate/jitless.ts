/**
 * Has zod compile nothing. One run parses a handful of values, so that compiling schemas would cost more than it saves;
 * and Lit's live service runs no code made of strings. Imported first, because schemas read it when they are made.
 */
import { z } from "zod";

z.config({ jitless: true });
