using CalDavServer.Background.Anchors;
using CalDavServer.Mail;
using CalDavServer.Options;

namespace CalDavServer.Hosting;

/// <summary>Where the anchors of the audit logs go each day: <c>anchorfile</c>, a file outside the data folder, and <c>anchormail</c>, an e-mail address.</summary>
internal static class AnchorOptions
{
    /// <summary>Reads the file; null when none is named.</summary>
    /// <exception cref="CommandFailure">It is in the data folder, or its folder is not there.</exception>
    public static string? ReadFile(IConfiguration settings, string dataFolder)
    {
        if (settings["anchorfile"]?.Trim() is not { Length: > 0 } file) return null;
        var path = Path.GetFullPath(file);
        if (AnchorBook.IsInside(path, dataFolder)) throw new CommandFailure("The setting 'anchorfile' names a file in the data folder: what can be changed there could be changed with it. Name one elsewhere.");
        return Directory.Exists(Path.GetDirectoryName(path)) ? path : throw new CommandFailure($"The folder of the setting 'anchorfile', {Path.GetDirectoryName(path)}, is not there.");
    }

    /// <summary>Reads the address; null when there is none.</summary>
    /// <exception cref="CommandFailure">It is no address, or there is no mail server.</exception>
    public static string? ReadMail(IConfiguration settings)
    {
        if (settings["anchormail"]?.Trim() is not { Length: > 0 } address) return null;
        if (string.IsNullOrWhiteSpace(settings["smtphost"])) throw new CommandFailure("With 'anchormail' set, 'smtphost' must be set too.");
        return Email.IsAddress(address) ? address : throw new CommandFailure("The setting 'anchormail' must be an e-mail address, e.g. admin@example.com.");
    }
}
