import { canonicalJson, NotCanonicalError } from './canonical-json.ts';
import { type Leaf, parseLeaf } from './leaf.ts';
import type { LeafOutline } from './leaf-outline.ts';
import { LeafShapes } from './leaf-shapes.ts';

/** Reads leaves, of which most are like one before. */
export class LeafReader {
  readonly #shapes = new LeafShapes();

  /** Null when the text is not a leaf in canonical form. */
  read(text: string): LeafOutline | null {
    const outline = this.#shapes.read(text);
    if (outline) return outline;
    const leaf = parseLeaf(text);
    if (leaf === null || !isCanonical(leaf, text)) return null;
    this.#shapes.learn(leaf, text);
    return leaf;
  }
}

/** Catches other spellings of the same value, duplicate members among them. */
function isCanonical(leaf: Leaf, text: string): boolean {
  try {
    return canonicalJson(leaf) === text;
  } catch (error) {
    if (error instanceof NotCanonicalError) return false;
    throw error;
  }
}
