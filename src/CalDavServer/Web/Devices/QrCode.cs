using System.Globalization;
using System.Text;
using QRCoder;

namespace CalDavServer.Web.Devices;

/// <summary>A QR code as one path of an SVG image.</summary>
/// <param name="Size">Modules on each side, the quiet zone with them.</param>
/// <param name="Path">What to fill.</param>
internal sealed record QrCode(int Size, string Path)
{
    public static QrCode Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = data.ModuleMatrix;
        var path = new StringBuilder();
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < rows[row].Length; column++)
            {
                if (rows[row][column]) path.Append(CultureInfo.InvariantCulture, $"M{column} {row}h1v1h-1z");
            }
        }

        return new QrCode(rows.Count, path.ToString());
    }
}
