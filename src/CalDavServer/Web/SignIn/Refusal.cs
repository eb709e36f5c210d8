using System.Globalization;

namespace CalDavServer.Web.SignIn;

/// <summary>Sentences for who tries too often.</summary>
internal static class Refusal
{
    /// <summary>For who comes when too many others do.</summary>
    public const string Busy = "A lot of people are signing in at the moment. Try again in a few seconds.";

    /// <summary>The sentence for a wait, with the status that says the same to programs.</summary>
    public static string TooMany(HttpResponse response, int seconds)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds < 100 ? $"There were too many attempts. Try again in {seconds} seconds." : $"There were too many attempts. Try again in {(seconds + 59) / 60} minutes.";
    }
}
