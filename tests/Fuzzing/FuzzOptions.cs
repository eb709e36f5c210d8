using System.Globalization;

namespace Fuzzing;

/// <summary>What the command line asks for.</summary>
/// <param name="Duration">How long requests are sent.</param>
/// <param name="Seed">Where the random choices begin.</param>
/// <param name="Corpus">The folder of saved inputs and failures, or null for none.</param>
/// <param name="Replay">A saved input to be sent once, or null.</param>
internal sealed record FuzzOptions(TimeSpan Duration, int Seed, string? Corpus = null, string? Replay = null)
{
    public const string Usage = "--minutes N [--seed N] [--corpus FOLDER], or --replay FILE";

    /// <summary>The options, or null when the arguments are not for the fuzzer.</summary>
    public static FuzzOptions? TryParse(string[] arguments)
    {
        if (!arguments.Any(argument => argument is "--minutes" or "--replay")) return null;
        var options = new FuzzOptions(TimeSpan.FromMinutes(1), Random.Shared.Next());
        for (var n = 0; n < arguments.Length; n += 2)
        {
            var value = n + 1 < arguments.Length ? arguments[n + 1] : throw new ArgumentException($"Usage: {Usage}");
            options = arguments[n] switch
            {
                "--minutes" => options with { Duration = TimeSpan.FromMinutes(double.Parse(value, CultureInfo.InvariantCulture)) },
                "--seed" => options with { Seed = int.Parse(value, CultureInfo.InvariantCulture) },
                "--corpus" => options with { Corpus = Path.GetFullPath(value) },
                "--replay" => options with { Replay = Path.GetFullPath(value) },
                _ => throw new ArgumentException($"Usage: {Usage}"),
            };
        }

        return options;
    }
}
