// Fill a workbook in by its defined names: node fill.js exceljs|sheetjs INPUT OUTPUT '{"requests.new_received.…": 3, …}'
"use strict";

const [program, input, output, json] = process.argv.slice(2);
const values = Object.entries(JSON.parse(json));

async function withExcelJS() {
  const ExcelJS = require("exceljs");
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(input);
  for (const [name, value] of values) {
    const [sheet, cell] = spot(book.definedNames.getRanges(name).ranges[0], name);
    book.getWorksheet(sheet).getCell(cell).value = value;
  }
  await book.xlsx.writeFile(output);
}

async function withSheetJS() {
  const XLSX = require("xlsx");
  const book = XLSX.readFile(input);
  for (const [name, value] of values) {
    const defined = book.Workbook.Names.find((each) => each.Name === name);
    const [sheet, cell] = spot(defined && defined.Ref, name);
    book.Sheets[sheet][cell] = { t: typeof value === "number" ? "n" : "s", v: value };
  }
  XLSX.writeFile(book, output, { bookType: "xlsx", compression: true });
}

// "'表三'!$D$8" -> ["表三", "D8"]
function spot(reference, name) {
  if (!reference) throw new Error(`no cell is called ${name}`);
  const at = reference.lastIndexOf("!");
  return [reference.slice(0, at).replace(/^'|'$/g, ""), reference.slice(at + 1).replace(/\$/g, "")];
}

({ exceljs: withExcelJS, sheetjs: withSheetJS })[program]();
