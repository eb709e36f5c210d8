using System.Globalization;

namespace Practice.Groups;

/// <summary>The money that fees are counted in.</summary>
/// <param name="Code">Its code of three letters (ISO 4217).</param>
public readonly record struct Currency(string Code)
{
    private const int UsualDecimals = 2;

    /// <summary>How many decimals an amount has: the minor unit of ISO 4217.</summary>
    public int Decimals => DecimalsOf(Code);

    /// <summary>How many decimals an amount has in a currency; 2 where it is not known.</summary>
    public static int DecimalsOf(string? code) => code switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF" or "UGX" or "UYI" or "VND" or "VUV" or "XAF" or "XOF" or "XPF" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        "CLF" or "UYW" => 4,
        _ => UsualDecimals,
    };

    /// <summary>Writes an amount with the decimals of its currency, and with those it has besides: one that was noted in another currency is not rounded.</summary>
    public static string Write(decimal amount, Currency? currency)
    {
        var decimals = currency?.Decimals ?? UsualDecimals;
        return decimal.Round(amount, decimals) == amount
            ? amount.ToString($"F{decimals}", CultureInfo.InvariantCulture)
            : amount.ToString("0.####", CultureInfo.InvariantCulture);
    }

    /// <summary>The code.</summary>
    public override string ToString() => Code;
}
