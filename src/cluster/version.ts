/** Version of this package, as servers list it beside the program's name. */
export const VERSION = "0.1.0";
