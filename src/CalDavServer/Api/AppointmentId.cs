using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace CalDavServer.Api;

/// <summary>An appointment's UID as a segment of a path: unchanged if it is safe there, and else its bytes in base64url after a tilde.</summary>
/// <param name="Uid">The UID.</param>
internal readonly record struct AppointmentId(string Uid)
{
    /// <summary>Reads a segment; null when it cannot be the id of an appointment.</summary>
    public static AppointmentId? Read(string segment)
    {
        if (segment is not ['~', .. var encoded]) return new AppointmentId(segment);
        try
        {
            return new AppointmentId(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(encoded)));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The same, for endpoint parameters.</summary>
    /// <exception cref="ApiFault">There is no such appointment.</exception>
    public static bool TryParse(string segment, out AppointmentId id)
    {
        id = Read(segment) ?? throw new ApiFault(StatusCodes.Status404NotFound, "There is no such appointment.");
        return true;
    }

    /// <summary>The id of an appointment that may not be there.</summary>
    [return: NotNullIfNotNull(nameof(uid))]
    public static string? Write(string? uid) => uid is null ? null : new AppointmentId(uid).ToString();

    public override string ToString()
    {
        var isSafe = Uid is not ("" or "." or "..") && Uid.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '@');
        return isSafe ? Uid : $"~{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(Uid))}";
    }
}
