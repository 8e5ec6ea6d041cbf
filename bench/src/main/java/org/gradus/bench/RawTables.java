package org.gradus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/// Tables as their authors publish them, brought into the CSV form with names of columns that Gradus reads.
final class RawTables {
    private static final String WINE = "alcohol,malic_acid,ash,alcalinity,magnesium,phenols,flavanoids,"
            + "nonflavanoids,proanthocyanins,color,hue,dilution,proline,class";

    private static final String CALIFORNIA = "income,age,rooms,bedrooms,occupancy,households,latitude,longitude,value";

    private RawTables() {}

    /// The file as it is, or a copy with a header in this folder.
    static Path withHeader(Path source, Path folder) throws IOException {
        return switch (String.valueOf(source.getFileName())) {
            case "wine.csv" -> copy(folder, "wine.csv", WINE, Files.readAllLines(source));
            case "cal_housing.arff" -> copy(folder, "california.csv", CALIFORNIA, houses(Files.readAllLines(source)));
            default -> source;
        };
    }

    private static Path copy(Path folder, String name, String header, List<String> rows) throws IOException {
        List<String> lines = new ArrayList<>(List.of(header));
        lines.addAll(rows);
        return Files.write(folder.resolve(name), lines);
    }

    /// The variables of R. Pace and R. Barry, *Sparse Spatial Autoregressions*, 1997, whose data they are: income, and the
    /// logarithms of age, rooms and bedrooms for each person, people in a household, households; and the place. The value of
    /// a house is in 100,000 dollars.
    private static List<String> houses(List<String> arff) {
        int data = arff.stream()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .toList()
                .indexOf("@data");
        return arff.subList(data + 1, arff.size()).stream()
                .filter(line -> !line.isBlank())
                .map(line -> Arrays.stream(line.split(",", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .map(RawTables::house)
                .toList();
    }

    /// @param row longitude, latitude, age, rooms, bedrooms, population, households, income, value in dollars
    private static String house(double... row) {
        return DoubleStream.of(
                        row[7],
                        Math.log(row[2]),
                        Math.log(row[3] / row[5]),
                        Math.log(row[4] / row[5]),
                        Math.log(row[5] / row[6]),
                        Math.log(row[6]),
                        row[1],
                        row[0],
                        row[8] / 100_000)
                .mapToObj(Double::toString)
                .collect(Collectors.joining(","));
    }
}
