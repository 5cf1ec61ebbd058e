// Original file: aegis/audit/v1/transparency.proto


export interface TileInput {
  'content'?: (Buffer | Uint8Array | string);
}

export interface Tile {
  'content': (Buffer);
}
