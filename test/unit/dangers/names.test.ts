import { DataSet } from "../../../src/index.js";
import { danger, key, set, way } from "../../support/dangers.js";

danger("a UDF file without a name: abort", [
  way("getUdf of nothing", (s) => s.getUdf(""), "The file name is empty"),
  way("getUdf of a dot", (s) => s.getUdf("."), 'The file name "." is not a UDF file name'),
  way("getUdf of a directory", (s) => s.getUdf("../udf"), 'The file name "../udf" is not a UDF file name'),
  way("registerUdf", (s) => s.registerUdf("return", "."), 'The file name "." is not a UDF file name'),
  way("removeUdf", (s) => s.removeUdf(".."), 'The file name ".." is not a UDF file name'),
  way("a function's package", (s) => s.backgroundTask().executeUdf(set).function("", "f"), "The package is empty"),
  way("info", (s) => s.info().info("udf-get:filename="), "can take a node down. The file name is empty"),
  way("info, with slashes", (s) => s.info().info("udf-get/filename=."), "can take a node down"),
  way("info, a directory", (s) => s.info().info("udf-get:filename=../udf"), "can take a node down"),
  way("infoOnAllNodes", (s) => s.info().infoOnAllNodes("udf-get:x=1;filename=./"), "can take a node down"),
]);

const HALF = "half a surrogate pair";

danger("a name that is no UTF-8: abort", [
  way("a set", () => DataSet.of("test", "\ud800"), HALF),
  way("a namespace", () => DataSet.of("\udfff", "s"), HALF),
  way("an index", (s) => s.index(set).named("i\ud800"), HALF),
  way("an indexed bin", (s) => s.index(set).onBin("\ud800b"), HALF),
  way("a bin", (s) => s.upsert(key).bin("\ud800").setTo(1).execute(), HALF),
  way("info", (s) => s.info().info("sindex-create:namespace=test;set=\ud800;indexname=i;bin=b;type=numeric"), HALF),
  way("infoOnAllNodes", (s) => s.info().infoOnAllNodes("sindex-create:namespace=test;set=\udc00"), HALF),
]);
