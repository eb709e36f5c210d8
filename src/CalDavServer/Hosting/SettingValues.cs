using System.Globalization;
using CalDavServer.Options;

namespace CalDavServer.Hosting;

/// <summary>Reads a setting that has one of the usual forms. What is wrong with it is said in a sentence that names it.</summary>
internal static class SettingValues
{
    /// <summary>Its items, separated by commas or semicolons.</summary>
    public static string[] ReadList(this IConfiguration settings, string name) => Split(settings[name]);

    /// <summary>The items of a text, separated by commas or semicolons.</summary>
    public static string[] Split(string? text) => (text ?? string.Empty).Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>True or false, which it is when it is not set.</summary>
    /// <exception cref="CommandFailure">It is neither.</exception>
    public static bool ReadFlag(this IConfiguration settings, string name) =>
        settings[name] is not { Length: > 0 } text ? false
        : bool.TryParse(text, out var flag) ? flag
        : throw new CommandFailure($"The setting '{name}' is '{text}': it must be true or false.");

    /// <summary>A number between two others, which count.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="name">Its name.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most that it may be.</param>
    /// <param name="otherwise">What it is when it is not set.</param>
    /// <param name="number">What it is a number of, in words.</param>
    /// <exception cref="CommandFailure">It is no such number.</exception>
    public static int ReadNumber(this IConfiguration settings, string name, int least, int most, int otherwise, string number = "a number") =>
        settings[name] is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && count <= most ? count
        : throw new CommandFailure($"The setting '{name}' is '{text}': it must be {number} from {least} to {most}.");

    /// <summary>A number of bytes, written like <c>500 MB</c>.</summary>
    /// <exception cref="CommandFailure">It is written otherwise, 0 or too large.</exception>
    public static long ReadSize(this IConfiguration settings, string name, long otherwise)
    {
        if (settings[name] is not { Length: > 0 } text) return otherwise;
        var number = text.TrimEnd('k', 'K', 'm', 'M', 'g', 'G', 'b', 'B', ' ');
        var shift = text[number.Length..].Trim().ToUpperInvariant() switch { "" or "B" => 0, "KB" => 10, "MB" => 20, "GB" => 30, _ => -1 };
        return shift >= 0 && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is > 0 and <= 1_000_000_000_000 && size << shift <= 1L << 50
            ? size << shift
            : throw new CommandFailure($"The setting '{name}' is '{text}': write it like 500 MB, in KB, MB or GB.");
    }

    /// <summary>An address that this server asks; null when it is not set.</summary>
    /// <exception cref="CommandFailure">It is neither an https address nor one of this machine.</exception>
    public static Uri? ReadAddress(this IConfiguration settings, string name)
    {
        if (settings[name]?.Trim() is not { Length: > 0 } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))) return address;
        throw new CommandFailure($"The setting '{name}' is '{text}': it must be an https address, or an http one of this machine.");
    }
}
