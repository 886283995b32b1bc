/**
 * A GeoJSON value: a Point, Polygon, MultiPolygon or Aerospike's AeroCircle.
 * The server checks the geometry when it is written (result code 160).
 * @example new GeoJson({ type: "Point", coordinates: [-122.0, 37.5] })
 */
export class GeoJson {
  /** The JSON text as it travels. */
  readonly text: string;

  constructor(json: string | object) {
    if (typeof json !== "string" && (typeof json !== "object" || json === null)) {
      throw new TypeError(`GeoJson(json): ${json === null ? "null" : typeof json} is neither JSON text nor an object`);
    }
    this.text = typeof json === "string" ? json : JSON.stringify(json);
  }

  /** The parsed geometry; throws SyntaxError when the text is not JSON. */
  toObject(): unknown {
    return JSON.parse(this.text);
  }

  /** For `JSON.stringify`: the geometry, or the text when it is no JSON. */
  toJSON(): unknown {
    try {
      return this.toObject();
    } catch {
      return this.text;
    }
  }

  /** The JSON text. */
  toString(): string {
    return this.text;
  }
}
