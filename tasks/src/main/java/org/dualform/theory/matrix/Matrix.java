package org.dualform.theory.matrix;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A small matrix in double precision, row by row. Its numbers are never changed after it is made. */
public final class Matrix {
    private final int rows;
    private final int columns;
    private final double[] values;

    /** @param values rows · columns numbers, which nobody else changes from now on */
    public Matrix(int rows, int columns, double[] values) {
        if (values.length != rows * columns) {
            throw new IllegalArgumentException(values.length + " numbers are no " + rows + " x " + columns);
        }
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** All numbers, row by row; not to be changed. */
    public double[] values() {
        return values;
    }

    /** Independent normally distributed numbers. */
    public static Matrix normal(RandomGenerator random, int rows, int columns) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = random.nextGaussian();
        return new Matrix(rows, columns, values);
    }

    public double get(int row, int column) {
        return values[row * columns + column];
    }

    public double[] row(int row) {
        return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
    }

    public Matrix transposed() {
        double[] turned = new double[values.length];
        for (int r = 0; r < rows; r++) for (int c = 0; c < columns; c++) turned[c * rows + r] = get(r, c);
        return new Matrix(columns, rows, turned);
    }

    /** The product A B. */
    public Matrix times(Matrix other) {
        if (columns != other.rows)
            throw new IllegalArgumentException(columns + " columns meet " + other.rows + " rows");
        double[] product = new double[rows * other.columns];
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < columns; k++) {
                double factor = get(r, k);
                if (factor == 0) continue;
                for (int c = 0; c < other.columns; c++) {
                    product[r * other.columns + c] += factor * other.values[k * other.columns + c];
                }
            }
        }
        return new Matrix(rows, other.columns, product);
    }

    /** The rows of these indices, in this order. */
    public Matrix rows(int... chosen) {
        double[] some = new double[chosen.length * columns];
        for (int i = 0; i < chosen.length; i++)
            System.arraycopy(values, chosen[i] * columns, some, i * columns, columns);
        return new Matrix(chosen.length, columns, some);
    }

    /** The first columns. */
    public Matrix first(int count) {
        double[] some = new double[rows * count];
        for (int r = 0; r < rows; r++) System.arraycopy(values, r * columns, some, r * count, count);
        return new Matrix(rows, count, some);
    }

    /** This above {@code other}. */
    public Matrix above(Matrix other) {
        double[] both = Arrays.copyOf(values, values.length + other.values.length);
        System.arraycopy(other.values, 0, both, values.length, other.values.length);
        return new Matrix(rows + other.rows, columns, both);
    }

    public Matrix negated() {
        return new Matrix(rows, columns, Arrays.stream(values).map(x -> -x).toArray());
    }

    /** The Frobenius inner product with a matrix of the same shape. */
    public double dot(Matrix other) {
        return Vectors.dot(values, other.values);
    }

    /** The Frobenius norm. */
    public double norm() {
        return Vectors.norm(values);
    }

    @Override
    public String toString() {
        return rows + " x " + columns;
    }
}
